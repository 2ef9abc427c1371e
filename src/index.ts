/** The library: the doctor as a function, and the shapes of everything that it reads and tells. */
export { type DoctorRequest, runDoctor, type Selection } from './app/doctor/doctor.js';
export { loadFacts, saveFacts } from './app/doctor/facts-store.js';
export { type DoctorHost, type Subject, subjectOfAddresses, subjectOfCluster } from './app/doctor/subject.js';
export type { DoctorTools, Instruments, MeasureOptions } from './app/doctor/tools.js';
export { doctorTools, type Setting } from './app/wiring.js';
export type { DroverError, DroverErrors, SourceLocation } from './core/error.js';
export { type DroverEvent, eventSchema } from './core/events/event.js';
export { type Finding, findingSchema } from './core/events/finding.js';
export { EVENT_INTERFACE } from './core/events/interface.js';
export { type Verdict, verdictSchema } from './core/events/verdict.js';
export { EXIT, type ExitReason } from './core/exit-codes.js';
export type { Realm, RealmPaths } from './core/realm.js';
export type { Result } from './core/result.js';
export { diagnose, type Question } from './diagnosis/diagnose.js';
export { type DoctorReport, doctorReportSchema } from './diagnosis/report.js';
export { type FactsFile, factsFileSchema } from './facts/model/facts-file.js';
export type { Cluster } from './spec/cluster.js';
export { type LoadOutcome, type LoadRequest, loadCluster } from './spec/load-cluster.js';
