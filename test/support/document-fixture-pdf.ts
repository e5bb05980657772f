import PDFDocument from 'pdfkit';

/** A PDF with a page for each text; a page whose text is empty holds a drawing. */
export async function createPdf(
  pages: readonly string[],
  passwords: { userPassword?: string; ownerPassword?: string } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const document = new PDFDocument({ autoFirstPage: false, ...passwords });
  const pieces: Uint8Array[] = [];
  const isDone = new Promise<void>((resolve) => {
    document.on('data', (bytes) => pieces.push(bytes));
    document.on('end', resolve);
  });
  for (const text of pages) {
    document.addPage();
    if (text === '') document.rect(100, 100, 200, 200).fill('red');
    else document.text(text);
  }
  document.end();
  await isDone;
  return new Uint8Array(Buffer.concat(pieces));
}
