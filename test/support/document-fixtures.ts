import { TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';

export const DOCX_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

const NAMESPACE = 'http://schemas.openxmlformats.org';

/** A ZIP archive of texts by name. */
export async function createZip(
  files: Readonly<Record<string, string>>,
  options: { password?: string } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, ...options });
  for (const [name, text] of Object.entries(files)) await zip.add(name, new TextReader(text));
  return new Uint8Array(await zip.close());
}

/** The least that Word takes for a document. */
export function docxFiles(paragraphs: readonly string[]): Record<string, string> {
  const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const body = paragraphs
    .map((text) => `<w:p><w:r><w:t xml:space="preserve">${escape(text)}</w:t></w:r></w:p>`)
    .join('');
  return {
    '[Content_Types].xml':
      `<?xml version="1.0"?><Types xmlns="${NAMESPACE}/package/2006/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Default Extension="xml" ContentType="application/xml"/>' +
      `<Override PartName="/word/document.xml" ContentType="${DOCX_TYPE}.main+xml"/></Types>`,
    '_rels/.rels':
      `<?xml version="1.0"?><Relationships xmlns="${NAMESPACE}/package/2006/relationships">` +
      `<Relationship Id="rId1" Type="${NAMESPACE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
      '</Relationships>',
    'word/document.xml':
      '<?xml version="1.0" encoding="UTF-8"?>' +
      `<w:document xmlns:w="${NAMESPACE}/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
  };
}

export function createDocx(
  paragraphs: readonly string[],
  options: { password?: string } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return createZip(docxFiles(paragraphs), options);
}

/** A PDF of one page, made without a library, so that tests in a browser can make it too. */
export function createSmallPdf(text: string): Uint8Array<ArrayBuffer> {
  const stream = `BT /F1 24 Tf 72 700 Td (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R ' +
      '/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${`${offset}`.padStart(10, '0')} 00000 n \n`;
  });
  const tableAt = file.length;
  file +=
    `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}` +
    `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${tableAt}\n%%EOF\n`;
  return new TextEncoder().encode(file);
}
