import type { DroverErrors } from '../../../core/error.js';
import { ok, type Result } from '../../../core/result.js';
import { countResults, type Proof } from '../../../verify/proof.js';
import type { ClusterTools } from '../tools.js';
import { saveProof } from './proof-store.js';
import type { VerifyRequest } from './request.js';
import { verifyCluster } from './verify.js';
import { findReasons } from './why.js';

const nextOf = ({ failed, findings }: Proof): string => {
  const [worst] = findings;
  if (failed === 0) return 'drover verify -o html > proof.html';
  return worst === undefined ? 'drover doctor' : `drover explain ${worst.code}`;
};

const tell = (proof: Proof, path: string | undefined, { emit }: ClusterTools): void => {
  for (const result of proof.results) emit({ type: 'check-result', ...result });
  for (const finding of proof.findings) emit({ type: 'finding', finding });
  const { cluster, passed, failed, notManaged, notApplicable, durationMs } = proof;
  emit({
    type: 'verify-summary',
    cluster,
    passed,
    failed,
    notManaged,
    notApplicable,
    durationMs,
    ...(path === undefined ? {} : { proof: path }),
    next: nextOf(proof),
  });
};

/**
 * Verifies the cluster, asks the doctor for reasons when something fails, keeps the proof and tells it as events. An
 * interrupted verification proves nothing and keeps nothing: undefined.
 */
export const proveCluster = async (
  request: VerifyRequest,
  tools: ClusterTools,
): Promise<Result<Proof | undefined, DroverErrors>> => {
  const at = new Date(tools.clock.now()).toISOString();
  const begun = tools.clock.monotonic();
  const verified = await verifyCluster(request, tools);
  if (tools.soft.aborted) return ok(undefined);
  if (!verified.ok) return verified;
  const results = [...verified.value];
  const durationMs = tools.clock.monotonic() - begun;
  const counts = countResults(results);
  const findings = counts.failed === 0 ? [] : await findReasons(request, tools);
  const { name: cluster, hash: specHash } = request.cluster;
  const head = { apiVersion: 'drover/v1', kind: 'Proof', formatVersion: 1 } as const;
  const { tool, realm } = tools;
  const proof: Proof = {
    ...head,
    tool,
    realm,
    cluster,
    specHash,
    at,
    durationMs,
    ...counts,
    results,
    findings,
  };
  const saved = await saveProof(tools, proof.cluster, proof);
  if (!saved.ok) tools.emit({ type: 'diagnostic', severity: 'warning', error: saved.error });
  tell(proof, saved.ok ? saved.value : undefined, tools);
  return ok(proof);
};
