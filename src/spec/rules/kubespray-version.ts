import { defineSpecRule } from '../rule.js';
import { KUBESPRAY_KUBERNETES, minorOf } from '../versions.js';

export const kubesprayVersion = defineSpecRule({
  code: 'kubespray-version',
  title: 'This is not a Kubespray release that Drover knows',
  severity: 'error',
  explain: `Kubespray releases are called \`v2.31.0\`. A branch such as \`master\` moves, so a spec names the release. Each release
installs the Kubernetes versions of its time and needs the Ansible and Python versions of its time.`,
  source: 'https://github.com/kubernetes-sigs/kubespray/releases',
  reads: ['distribution'],
  check: ({ distribution }, { at }) => {
    if (distribution.kind !== 'kubespray') return [];
    const { version } = distribution;
    const minor = /^v\d+\.\d+\.\d+$/.test(version) ? minorOf(version) : undefined;
    if (minor !== undefined && KUBESPRAY_KUBERNETES[minor] !== undefined) return [];
    const short = /^v?(\d+\.\d+)$/.exec(version)?.[1];
    return [
      {
        message:
          minor === undefined
            ? 'this is no Kubespray release'
            : `Kubespray ${version} is not known to this version of Drover`,
        location: at(['spec', 'distribution', 'version']),
        ...(short === undefined ? {} : { label: `write v${short}.0` }),
        hint: `known: v${Object.keys(KUBESPRAY_KUBERNETES).join(', v')}`,
      },
    ];
  },
});
