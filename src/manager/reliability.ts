import type { CheckOptions, ReliabilityMethods } from '../api/reliability.ts';
import { streamArchive } from '../archive-transfer.ts';
import { runCheck } from '../check.ts';
import { completeHealth, requestPersistence } from '../health.ts';
import { FFStorageError } from '../shared/errors.ts';
import type {
  FFRepairReportDTO,
  FFStorageHealthDTO,
  FFVerifyReportDTO,
} from '../shared/model/reliability.ts';
import { StreamStore } from './streams.ts';

/** Looking after what is stored, whatever has become of it. */
export abstract class ReliableStore extends StreamStore implements ReliabilityMethods {
  async verify(options: CheckOptions = {}): Promise<FFVerifyReportDTO> {
    const { verified } = await this.#check('verify', options);
    if (verified === undefined) throw new TypeError('A check has ended without its report.');
    return verified;
  }

  async repair(options: CheckOptions = {}): Promise<FFRepairReportDTO> {
    const { repaired } = await this.#check('repair', options);
    if (repaired === undefined) throw new TypeError('A repair has ended without its report.');
    return repaired;
  }

  async salvage(options: CheckOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const control = this.validate.checkControl(options);
    if (control.signal?.aborted) {
      throw new FFStorageError('The salvage was aborted.', {
        code: 'aborted',
        cause: control.signal.reason,
      });
    }
    const { call, release } = await this.reach();
    return streamArchive(call, () => call('openSalvage'), control, release);
  }

  async requestPersistence(): Promise<boolean> {
    return requestPersistence();
  }

  async getStorageHealth(): Promise<FFStorageHealthDTO> {
    return completeHealth(await this.call('getStorageFacts'), this.requestedBackend === undefined);
  }

  async #check(kind: 'verify' | 'repair', options: CheckOptions) {
    const control = this.validate.checkControl(options);
    const { call, release } = await this.reach();
    try {
      return await runCheck(call, kind, control);
    } finally {
      await release();
    }
  }
}
