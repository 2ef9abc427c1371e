import { describe, expect, it } from 'vitest';
import { labRecipe } from '../../../../src/steps/cni/networks/lab.js';
import type { RecipeInput } from '../../../../src/steps/cni/recipe.js';
import { recipes } from '../../../../src/steps/cni/recipes.js';
import { recipeInput } from '../../../support/recipe-input.js';

const INPUT = recipeInput({ blockPrefix: 24, binDir: '/var/lib/rancher/k3s/data/cni' });

interface Agent {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts: readonly { readonly mountPath: string }[];
}

const objects = (part: Partial<RecipeInput> = {}) => labRecipe.set({ ...INPUT, ...part }, []).objects;

const agentOf = (part: Partial<RecipeInput> = {}): Agent => {
  const set = objects(part).find(({ kind }) => kind === 'DaemonSet') as unknown as {
    readonly spec: { readonly template: { readonly spec: { readonly containers: readonly [Agent] } } };
  };
  return set.spec.template.spec.containers[0];
};

describe('the lab’s own network', () => {
  it('is in the catalogue, with the agent that its recipe waits for', () => {
    expect(recipes['lab-daemonset']).toBe(labRecipe);
    const agents = objects()
      .filter(({ kind }) => kind === 'DaemonSet')
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(agents).toEqual(labRecipe.agents);
  });

  it('has its namespace and its rights before its agent, and says which range it takes', () => {
    const made = objects();
    expect(made.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ServiceAccount',
      'ClusterRole',
      'ClusterRoleBinding',
      'Role',
      'RoleBinding',
      'DaemonSet',
    ]);
    expect(made.at(-1)?.metadata.annotations).toMatchObject({ 'drover.dev/pool': '10.42.128.0/17' });
  });

  it('tells its agent the ranges, the folders of the runtime, and whether it is the second network', () => {
    expect(agentOf().args).toEqual([
      '--pool=10.42.128.0/17',
      '--pods=10.42.0.0/16',
      '--block=24',
      '--mtu=1400',
      '--port=4789',
      '--conf-dir=/var/lib/rancher/k3s/agent/etc/cni/net.d',
      '--conf-name=05-labnet.conflist',
      '--bin-dir=/var/lib/rancher/k3s/data/cni',
      '--beside=true',
    ]);
    expect(agentOf({ beside: false }).args).toContain('--beside=false');
    expect(agentOf().volumeMounts.map(({ mountPath }) => mountPath)).toEqual([
      '/var/lib/labnet',
      INPUT.confDir,
      INPUT.binDir,
    ]);
  });

  it('asks the API without kube-proxy', () => {
    expect(agentOf().env).toContainEqual({ name: 'KUBERNETES_SERVICE_HOST', value: '10.0.0.10' });
    expect(agentOf().env).toContainEqual({ name: 'KUBERNETES_SERVICE_PORT', value: '6443' });
  });

  it('leaves its configuration where no runtime reads it, under a name that sorts before Flannel’s', () => {
    expect(labRecipe.conflist(INPUT)).toEqual({
      kind: 'staged',
      path: '/var/lib/labnet/05-labnet.conflist',
    });
    expect(labRecipe.confName < '10-flannel.conflist').toBe(true);
  });
});
