import fc from 'fast-check';
import {
  afterEach,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
  vi,
  type MockInstance,
} from 'vitest';
import { extractText } from '../../../worker/documents/extract.ts';
import { createPdf } from '../../support/document-fixture-pdf.ts';
import {
  createDocx,
  createSmallPdf,
  createZip,
  docxFiles,
  DOCX_TYPE,
} from '../../support/document-fixtures.ts';

const extract = (content: BlobPart, mimeType: string) =>
  extractText(new Blob([content]), { mimeType, filename: 'document' });

/** Which fail the run for whatever is left unhandled, though the worker ignores it. */
const listenersOfVitest = process.listeners('unhandledRejection');

const consoles: MockInstance[] = [];

beforeEach(() => {
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    consoles.push(vi.spyOn(console, method));
  }
});

afterEach(() => {
  // Whatever a parser thinks of a document is of no interest to the app's console.
  for (const spy of consoles.splice(0)) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  }
});

describe('PDF', () => {
  const pdf = (content: BlobPart) => extract(content, 'application/pdf');

  it('gives its pages, apart', async () => {
    const pages = ['The first page. It has two sentences.', 'Zweite Seite: größer', 'Third'];
    expect(await pdf(await createPdf(pages))).toEqual({
      status: 'ready',
      text: pages.join('\n\n'),
    });
    expect(await pdf(createSmallPdf('Hello (there)'))).toEqual({
      status: 'ready',
      text: 'Hello (there)',
    });
  });

  it('gives the lines of a page', async () => {
    const result = await pdf(await createPdf(['word '.repeat(60).trim()]));
    expect(result).toMatchObject({ status: 'ready' });
    const text = result.status === 'ready' ? result.text : '';
    expect(text.split(/\s+/)).toEqual(Array(60).fill('word'));
    expect(text.split('\n').length).toBeGreaterThan(2);
  });

  it('is empty when it holds drawings only', async () => {
    expect(await pdf(await createPdf(['', '']))).toEqual({
      status: 'none',
      reason: 'empty',
      message: 'The PDF holds no text; its pages may be images.',
    });
  });

  it('is encrypted when it opens with a password only', async () => {
    expect(await pdf(await createPdf(['secret'], { userPassword: 'x' }))).toEqual({
      status: 'none',
      reason: 'encrypted',
      message: 'The PDF is encrypted and opens only with a password.',
    });
    expect(await pdf(await createPdf(['readable'], { ownerPassword: 'x' }))).toEqual({
      status: 'ready',
      text: 'readable',
    });
  });

  it('is damaged when it is cut off or something else', async () => {
    const whole = await createPdf(['one', 'two']);
    const damaged = { status: 'none', reason: 'damaged' };
    expect(await pdf(whole.slice(0, whole.length / 3))).toMatchObject(damaged);
    expect(await pdf('%PDF-1.7')).toMatchObject(damaged);
    expect(await pdf('no PDF at all')).toMatchObject({
      ...damaged,
      message: expect.stringMatching(/^The PDF cannot be read: \S/) as string,
    });
  });

  it('is read without its end where that can be made up for', async () => {
    const whole = createSmallPdf('still here');
    expect(await pdf(whole.slice(0, -20))).toEqual({ status: 'ready', text: 'still here' });
  });
});

describe('DOCX', () => {
  const docx = (content: BlobPart) => extract(content, DOCX_TYPE);

  it('gives its paragraphs, apart', async () => {
    expect(await docx(await createDocx(['First & <second>', 'Größer 👋']))).toEqual({
      status: 'ready',
      text: 'First & <second>\n\nGrößer 👋',
    });
  });

  it('is empty without text', async () => {
    expect(await docx(await createDocx(['', ' ']))).toMatchObject({ reason: 'empty' });
  });

  it('is damaged when it is cut off, another archive or no XML', async () => {
    const damaged = {
      status: 'none',
      reason: 'damaged',
      message: expect.stringMatching(/^The Word document cannot be read: \S/) as string,
    };
    const whole = await createDocx(['text']);
    expect(await docx(whole.slice(0, -40))).toMatchObject(damaged);
    expect(await docx(await createZip({ 'a.txt': 'x' }))).toMatchObject(damaged);
    const noXml = { ...docxFiles(['text']), 'word/document.xml': '<w:document' };
    expect(await docx(await createZip(noXml))).toMatchObject(damaged);
    expect(await docx('PK no archive')).toMatchObject(damaged);
  });

  it('is encrypted when its archive is, or when Office has wrapped it', async () => {
    const encrypted = { status: 'none', reason: 'encrypted' };
    expect(await docx(await createDocx(['text'], { password: 'x' }))).toMatchObject(encrypted);
    const wrapped = new Uint8Array(1_024);
    wrapped.set([0xd0, 0xcf, 0x11, 0xe0]);
    for (const [at, letter] of 'EncryptedPackage'.split('').entries()) {
      wrapped[512 + 2 * at] = letter.charCodeAt(0);
    }
    expect(await docx(wrapped)).toMatchObject(encrypted);
    expect(await docx(wrapped.slice(0, 512))).toMatchObject({ reason: 'unsupported' });
  });

  it('is refused when it would unpack to too much, even if it denies that', async () => {
    const files = { ...docxFiles(['text']), 'word/bomb.xml': ' '.repeat(70_000_000) };
    const bomb = await createZip(files);
    const refused = {
      status: 'none',
      reason: 'unsupported',
      message: 'The document unpacks to more than 67108864 bytes of XML.',
    };
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await docx(bomb)).toEqual(refused);
    const lying = withDeclaredSize(bomb, 70_000_000, 10);
    expect(lying).not.toEqual(bomb);
    expect((await docx(lying)).status).toBe('none');
  }, 60_000);
});

/** The archive with another size wherever it says that a file unpacks to the given one. */
function withDeclaredSize(archive: Uint8Array, size: number, declared: number) {
  const result = new Uint8Array(archive);
  const view = new DataView(result.buffer);
  for (let at = 0; at + 4 <= result.length; at += 1) {
    if (view.getUint32(at, true) === size) view.setUint32(at, declared, true);
  }
  return result;
}

describe('any bytes under any type', () => {
  const types = [
    'text/plain',
    'text/plain; charset=utf-16',
    'text/plain; charset=iso-2022-jp',
    'text/markdown',
    'text/html',
    'application/xhtml+xml',
    'application/json',
    'application/x-ndjson',
    'text/csv',
    'text/tab-separated-values',
    'application/pdf',
    DOCX_TYPE,
    'image/png',
    '',
  ];
  const reasons = ['unsupported', 'empty', 'damaged', 'encrypted'];

  const expectTold = async (content: Uint8Array<ArrayBuffer>, mimeType: string) => {
    const result = await extract(content, mimeType);
    if (result.status === 'ready') {
      expect(result.text).toMatch(/\S/);
      return;
    }
    expect(reasons).toContain(result.reason);
    expect(result.message).toMatch(/\.$|: ./);
  };

  it('give a text or a reason', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.uint8Array(), fc.uint8Array({ min: 1, max: 127, maxLength: 200 })),
        fc.constantFrom(...types),
        (content, mimeType) => expectTold(new Uint8Array(content), mimeType),
      ),
      { numRuns: 300 },
    );
  }, 60_000);

  it('do so as a document that is damaged somewhere, and nothing is left unhandled', async () => {
    // Without a listener that ignores it, it ends the process.
    for (const listener of listenersOfVitest) process.off('unhandledRejection', listener);
    onTestFinished(() => {
      for (const listener of listenersOfVitest) process.on('unhandledRejection', listener);
    });
    const whole = await createPdf(['one', 'two']);
    const lacking = Buffer.from(whole).toString('latin1').replace('\n11 0 obj', '\n19 0 obj');
    await expectTold(new Uint8Array(Buffer.from(lacking, 'latin1')), 'application/pdf');

    const documents = [
      ['application/pdf', whole],
      ['application/pdf', createSmallPdf('one')],
      [DOCX_TYPE, await createDocx(['one', 'two'])],
    ] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...documents),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        async ([mimeType, file], changes) => {
          const content = new Uint8Array(file);
          for (const [at, byte] of changes) content[at % content.length] = byte;
          await expectTold(content, mimeType);
        },
      ),
      { numRuns: 200 },
    );
  }, 60_000);
});
