import { defineErrors } from '../../../core/error.js';

/** What can be wrong with charts, by code. */
export const chartErrors = defineErrors({
  'chart-no-helm': {
    title: 'There is no Helm to render charts with',
    exit: 'preflight',
    explain:
      'Charts are rendered by real `helm`, version 3.8 or later: the one on the PATH, or a release that is fetched once and checked against the digest that the project publishes beside it. Neither could be had. Install Helm, or give a machine without internet one on its PATH. In a lab Helm is compiled from its Go module.',
  },
  'chart-no-digest': {
    title: 'A chart has no digest to be checked against',
    exit: 'spec',
    explain:
      'A version of a chart can be replaced in its repository, so the spec says what its archive is: `digest`, the SHA-256 of the `.tgz` file. Drover knows the digests of some charts itself. The error names the digest that the archive has now; look at the chart before you write it down.',
  },
  'chart-digest-differs': {
    title: 'A chart is not the one that was pinned',
    exit: 'preflight',
    explain:
      'The archive has another SHA-256 than the spec, or Drover’s own table, says: it was replaced in its repository or on the mirror, or the file at hand is another one. Nothing of it is used. Take a new version on purpose: change `version` and `digest` together.',
  },
  'chart-unreachable': {
    title: 'A chart cannot be fetched',
    exit: 'preflight',
    explain:
      'Its repository does not answer, or has no such chart or version. Without internet set `spec.addons.chartMirror` to a repository that has all charts, or name an archive at hand with `file`.',
  },
  'chart-unreadable': {
    title: 'An archive of a chart cannot be read',
    exit: 'preflight',
    explain: 'The file is not there, or is no archive of a chart with a `Chart.yaml`.',
  },
  'chart-values-unknown': {
    title: 'A chart does not know a value',
    exit: 'spec',
    explain:
      'Helm passes over values that no template reads, so a slip of the pen changes nothing and nobody is told. Drover refuses top-level values that neither the `values.yaml` nor the `values.schema.json` of the chart names, and that belong to no chart which it contains.',
  },
  'chart-values-wrong': {
    title: 'A value does not fit the schema of its chart',
    exit: 'spec',
    explain: 'The chart has a `values.schema.json`, and Helm checked the values against it.',
  },
  'chart-not-rendered': {
    title: 'A chart cannot be rendered',
    exit: 'spec',
    explain: 'Helm refused: the cause is what it said. Often a value is missing that the chart demands.',
  },
  'chart-secret': {
    title: 'A chart makes a Secret with something in it',
    exit: 'spec',
    explain:
      'Plans and journals show what sets hold, so no Secret with data belongs to one. Most charts take the name of a Secret that is there already (`existingSecret`): declare it under `spec.secrets` and name it in the values.',
  },
  'chart-changes': {
    title: 'A chart is rendered differently each time',
    exit: 'spec',
    explain:
      'The same chart with the same values gave two results, because its templates use random values or the time. A plan could not say what it applies. Set the values that the chart makes up.',
  },
});
