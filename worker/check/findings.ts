import type {
  FFFindingDTO,
  FFVerifyReportDTO,
  FFVerifyTotalsDTO,
} from '../../src/shared/model/reliability.ts';

/** A finding of damage that nothing had been found in before needs only what is special about it. */
export type NewFinding = Pick<FFFindingDTO, 'kind' | 'path' | 'message'> & Partial<FFFindingDTO>;

/** What a check has come to so far. */
export class Findings {
  readonly list: FFFindingDTO[] = [];
  readonly totals: FFVerifyTotalsDTO = {
    files: 0,
    bytes: 0,
    users: 0,
    sessions: 0,
    panels: 0,
    messages: 0,
    documents: 0,
    backups: 0,
  };
  quarantinedBytes = 0;
  readonly #unreadable = new Set<string>();

  add(finding: NewFinding): void {
    const { kind, path, ...rest } = finding;
    this.list.push({ kind, path, repairable: false, bytes: 0, ...rest });
  }

  /** Says, once for each file, that it cannot be read. */
  addUnreadable(path: string, error: unknown): void {
    if (this.#unreadable.has(path)) return;
    this.#unreadable.add(path);
    this.add({
      kind: 'unreadable',
      path,
      message: `The browser refuses to read ${path} (${String(error)}).`,
    });
  }

  /** Counts a file that was read. */
  read(bytes: number): void {
    this.totals.files += 1;
    this.totals.bytes += bytes;
  }

  /** Takes over what another check has come to. */
  merge({ list, totals }: Findings): void {
    this.list.push(...list);
    for (const key of Object.keys(totals) as (keyof FFVerifyTotalsDTO)[]) {
      this.totals[key] += totals[key];
    }
  }

  report(): FFVerifyReportDTO {
    const { list, totals, quarantinedBytes } = this;
    const damaged = list.filter(({ kind }) => kind !== 'set-aside');
    return {
      ok: list.length === 0,
      findings: list,
      totals,
      damagedBytes: damaged.reduce((sum, { bytes }) => sum + bytes, 0),
      quarantinedBytes,
    };
  }
}
