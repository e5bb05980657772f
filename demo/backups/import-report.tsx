import type { FFImportReportDTO } from 'flatfile-chat';
import { plural } from '../ui/plural.ts';

/** What an import has brought back. */
export function ImportReport({ report }: { readonly report: FFImportReportDTO }) {
  const { users, sessions, messages, documents, skipped, warnings } = report;
  return (
    <>
      <ul class="report" aria-label="Imported">
        <li>{plural(users, 'user')}</li>
        <li>{plural(sessions, 'conversation')}</li>
        <li>{plural(messages, 'message')}</li>
        <li>{plural(documents, 'document')}</li>
        {skipped > 0 && <li>{plural(skipped, 'user')} skipped</li>}
      </ul>
      {warnings.length > 0 && (
        <ul class="field-error warnings" aria-label="Warnings">
          {warnings.map((warning) => (
            <li key={warning} dir="auto">
              {warning}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
