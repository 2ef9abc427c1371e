import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Path } from '../../spec/path.js';
import type { Transform } from '../../spec/schema/transforms.js';
import { isMap, type Loose, listOf, mapOf } from '../clean/draft.js';
import { mapTexts } from './edit.js';
import type { Change, TransformContext } from './model.js';
import { mapSecretTexts } from './secret-text.js';

type NamespaceMap = Extract<Transform, { change: 'namespace' }>;

const NAME_LABEL = 'kubernetes.io/metadata.name';

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `db.shop.svc…`, and `db.shop` where the source has a Service of that name: names of hosts inside texts. */
const hostNames = ({ from, to }: NamespaceMap, { services }: TransformContext) => {
  const long = new RegExp(`(?<=[a-z0-9]\\.)${literal(from)}(?=\\.svc(?![a-z0-9-]))`, 'g');
  const short = new RegExp(`(?<![\\w.-])([a-z0-9-]+)\\.${literal(from)}(?![\\w-]|\\.[a-z])`, 'g');
  return (text: string): string =>
    text
      .replaceAll(long, to)
      .replaceAll(short, (whole, service: string) =>
        services.has(`${service}.${from}`) ? `${service}.${to}` : whole,
      );
};

/** Members that hold the name of a namespace, whatever the object is. */
const isNamespaceMember = (path: Path): boolean => path.at(-1) === 'namespace' && path[0] !== 'data';

const mapAccounts = (text: string, { from, to }: NamespaceMap): string =>
  text
    .replace(`system:serviceaccount:${from}:`, `system:serviceaccount:${to}:`)
    .replace(new RegExp(`^system:serviceaccounts:${literal(from)}$`), `system:serviceaccounts:${to}`);

/** Selectors of namespaces by their name, as network policies and webhooks have them. */
const mapSelector = (selector: Loose, { from, to }: NamespaceMap): Loose => {
  const labels = mapOf(selector['matchLabels']);
  const expressions = listOf(selector['matchExpressions']).map((each) => {
    const expression = mapOf(each);
    return expression['key'] === NAME_LABEL
      ? { ...expression, values: listOf(expression['values']).map((value) => (value === from ? to : value)) }
      : expression;
  });
  return {
    ...selector,
    ...(labels[NAME_LABEL] === from ? { matchLabels: { ...labels, [NAME_LABEL]: to } } : {}),
    ...(selector['matchExpressions'] === undefined ? {} : { matchExpressions: expressions }),
  };
};

const mapSelectors = (value: unknown, map: NamespaceMap): unknown => {
  if (Array.isArray(value)) return value.map((item) => mapSelectors(item, map));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === 'namespaceSelector' && isMap(member) ? mapSelector(member, map) : mapSelectors(member, map),
    ]),
  );
};

const mapAnnotations = (annotations: Readonly<Record<string, string>>, { from, to }: NamespaceMap) =>
  Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => {
      if (key === 'meta.helm.sh/release-namespace') return [key, value === from ? to : value];
      return [
        key,
        key.startsWith('cert-manager.io/inject-')
          ? value.replace(new RegExp(`^${literal(from)}/`), `${to}/`)
          : value,
      ];
    }),
  );

const isIt = ({ apiVersion, kind, metadata }: KubeObject, name: string): boolean =>
  apiVersion === 'v1' && kind === 'Namespace' && metadata.name === name;

/** Moves a namespace with every reference to it: bindings, selectors, webhooks, and names of hosts in texts. */
export const namespaceMap: Change<NamespaceMap> = (object, map, context) => {
  const inText = hostNames(map, context);
  const texts = mapTexts(object, (text, path) => {
    if (isNamespaceMember(path)) return text === map.from ? map.to : text;
    // Names and labels of objects are no texts.
    if (path[0] === 'metadata' && path[1] !== 'annotations') return text;
    return mapAccounts(inText(text), map);
  });
  const { metadata, ...rest } = mapSelectors(texts, map) as KubeObject;
  const moved: KubeObject = {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...metadata,
      ...(isIt(object, map.from) ? { name: map.to } : {}),
      ...(metadata.annotations === undefined
        ? {}
        : { annotations: mapAnnotations(metadata.annotations, map) }),
    },
  };
  const done = mapSecretTexts(moved, inText);
  return { object: isDeepStrictEqual(done, object) ? object : done, findings: [] };
};
