import type {
  FFRepairReportDTO,
  FFStorageHealthDTO,
  FFVerifyReportDTO,
} from './model/reliability.ts';

/** How far a look at the store has come; a report is there when it is done. */
export interface CheckProgress {
  readonly doneBytes: number;
  readonly totalBytes?: number;
  readonly verified?: FFVerifyReportDTO;
  readonly repaired?: FFRepairReportDTO;
}

/** Of the health of a store what does not depend on the page. */
export type StorageFacts = Omit<
  FFStorageHealthDTO,
  'headroomBytes' | 'privateMode' | 'evictionRisk' | 'evictionReasons'
>;
