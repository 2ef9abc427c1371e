import type { Clock } from '../core/ports/clock.js';
import type { KubeFailure, KubeObject, KubePage, KubeRef, ListOptions } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import type { Credentials } from './credentials.js';
import { listMembers, query, resourcePath } from './paths.js';
import { sendJson } from './request.js';

interface RawList {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly Omit<KubeObject, 'apiVersion' | 'kind'>[] | null;
}

const PAGE = 500;

// Items of a list come without apiVersion and kind; the list's own say what they are.
const named = (list: RawList): KubeObject[] => {
  const kind = list.kind.replace(/List$/, '');
  return (list.items ?? []).map((item) => ({ apiVersion: list.apiVersion, kind, ...item }) as KubeObject);
};

/** A page that continues has its version in its token already. */
const exactly = (version: string | undefined): Record<string, string> =>
  version === undefined ? {} : { resourceVersion: version, resourceVersionMatch: 'Exact' };

/**
 * Pages of one list that is consistent as a whole: all pages come from the same resourceVersion. When the place
 * in history is lost half-way (410) the failure `gone` is given; the caller begins anew.
 */
export async function* listPages(
  credentials: Credentials,
  resource: KubeRef['resource'],
  options: ListOptions,
  clock: Clock,
): AsyncGenerator<Result<KubePage, KubeFailure>> {
  let next: string | undefined;
  do {
    const path =
      resourcePath(resource, options.namespace) +
      query({
        ...listMembers(options),
        ...(next === undefined ? exactly(options.resourceVersion) : {}),
        limit: options.pageSize ?? PAGE,
        continue: next,
      });
    const page = await sendJson<RawList>(
      credentials,
      { method: 'GET', path, signal: options.signal, timeoutMs: options.timeoutMs },
      clock,
    );
    if (!page.ok) {
      yield err(page.error);
      return;
    }
    yield ok({ items: named(page.value), resourceVersion: page.value.metadata.resourceVersion ?? '' });
    next = page.value.metadata.continue === '' ? undefined : page.value.metadata.continue;
  } while (next !== undefined);
}

/** The whole list at once. */
export const listAll = async (
  credentials: Credentials,
  resource: KubeRef['resource'],
  options: ListOptions,
  clock: Clock,
): Promise<Result<KubePage, KubeFailure>> => {
  const items: KubeObject[] = [];
  let resourceVersion = '';
  for await (const page of listPages(credentials, resource, options, clock)) {
    if (!page.ok) return page;
    items.push(...page.value.items);
    resourceVersion = page.value.resourceVersion;
  }
  return ok({ items, resourceVersion });
};
