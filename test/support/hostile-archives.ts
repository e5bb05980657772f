import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { FFErrorCode } from '../../src/shared/errors.ts';

/** An entry as {@link buildZip} writes it; what is declared may differ from what is there. */
export interface RawEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** Default: deflated. */
  readonly method?: number;
  readonly flags?: number;
  /** Default: the true size. */
  readonly declaredBytes?: number;
  readonly declaredCrc32?: number;
  /** The name in the header in front of the data. */
  readonly localName?: string;
  /** Lies over the entry of this index: the directory points at that one's header. */
  readonly sameAs?: number;
}

/** An archive that must be refused. */
export interface HostileArchive {
  readonly what: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly code: FFErrorCode;
  readonly message: RegExp;
  /** What refuses it at the latest: opening it, or reading its files through. */
  readonly refusedBy: 'open' | 'verify';
  readonly maxTotalBytes?: number;
}

interface Listed {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** The bitwise definition, slow and independent of the implementation under test. */
function referenceCrc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    }
  }
  return (remainder ^ 0xffffffff) >>> 0;
}

/** A ZIP made by hand, byte by byte. */
export function buildZip(entries: readonly RawEntry[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const entry of entries) {
    const { content, method = 8, flags = 0x0800 } = entry;
    const data = method === 8 ? deflateRawSync(content) : content;
    const bytes = entry.declaredBytes ?? content.length;
    const crc = entry.declaredCrc32 ?? referenceCrc32(content);
    const common = [u16(20), u16(flags), u16(method), u32(0x5a21_6000), u32(crc)];
    const sizes = [u32(data.length), u32(bytes)];
    offsets.push(entry.sameAs === undefined ? at : offsets[entry.sameAs]!);
    if (entry.sameAs === undefined) {
      const localName = utf8(entry.localName ?? entry.name);
      const local = join([
        ...[u32(0x04034b50), ...common, ...sizes],
        ...[u16(localName.length), u16(0), localName, data],
      ]);
      parts.push(local);
      at += local.length;
    }
    const name = utf8(entry.name);
    directory.push(
      join([
        ...[u32(0x02014b50), u16(20), ...common, ...sizes],
        ...[u16(name.length), u16(0), u16(0), u16(0), u16(0), u32(0)],
        ...[u32(offsets.at(-1)!), name],
      ]),
    );
  }
  const records = join(directory);
  const end = join([
    ...[u32(0x06054b50), u16(0), u16(0), u16(entries.length), u16(entries.length)],
    ...[u32(records.length), u32(at), u16(0)],
  ]);
  return join([...parts, records, end]);
}

/** What a manifest says of a file. */
export function listed({ name, content, declaredBytes }: RawEntry): Listed {
  return {
    name,
    bytes: declaredBytes ?? content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

/** A correct manifest, as an object to be changed. */
export function manifestOf(files: readonly Listed[]) {
  return {
    format: 'flatfile-chat-backup',
    version: 1,
    createdAt: '2025-03-01T09:30:00.000Z',
    counts: {
      users: 1,
      sessions: 1,
      messages: 2,
      documents: 0,
      personas: 0,
      panels: 0,
      panelMessages: 0,
    },
    users: [{ userId: 'mia', sessions: 1, messages: 2, documents: 0 }],
    files,
  };
}

const profile: RawEntry = {
  name: 'users/mia/profile.json',
  content: utf8('{"userId":"mia","name":"Mia"}\n'),
};

const messages: RawEntry = {
  name: 'users/mia/sessions/s1/messages.jsonl',
  content: utf8('{"content":"Where does the Isar rise?"}\n{"content":"In the Karwendel."}\n'),
};

/** An archive of these entries with a manifest that is true unless it is given. */
export function archiveOf(
  entries: readonly RawEntry[],
  manifest: unknown = manifestOf(entries.map(listed)),
): Uint8Array<ArrayBuffer> {
  const content = manifest instanceof Uint8Array ? manifest : utf8(JSON.stringify(manifest));
  return buildZip([...entries, { name: 'manifest.json', content }]);
}

/** A small archive with nothing wrong about it. */
export const soundArchive = archiveOf([profile, messages]);

/** One archive for each way in which one can be wrong or malicious, each refused for one reason. */
export const hostileArchives: readonly HostileArchive[] = [
  open('an empty file', new Uint8Array(), /the file is empty/),
  open('a file that is no ZIP', utf8('MZ, but not what you think'), /no ZIP archive/),
  open('an empty ZIP', buildZip([]), /no manifest\.json/),
  open('a foreign ZIP', buildZip([profile]), /no flatfile-chat backup.*no manifest\.json/),
  open('a foreign manifest', archiveOf([profile], { name: 'An extension' }), /no flatfile-chat/),
  open('a manifest that is no JSON', archiveOf([profile], utf8('{"format"')), /not JSON/),
  open(
    'a manifest that is not UTF-8',
    archiveOf([profile], new Uint8Array([0x22, 0xff, 0x22])),
    /not UTF-8/,
  ),
  {
    ...open('a newer version', changed({ version: 2, layout: 'new' }), /newer.*version 2/s),
    code: 'version',
  },
  open('a version that is none', changed({ version: '1' }), /version/),
  open('a missing part', changed({ counts: undefined }), /counts/),
  open('an unknown part', changed({ encryption: 'none' }), /encryption/),
  open('a wrong timestamp', changed({ createdAt: 'yesterday' }), /createdAt/),
  open('a negative count', changed({ counts: counts({ panels: -1 }) }), /counts\.panels/),
  open('a fractional count', changed({ counts: counts({ messages: 1.5 }) }), /counts\.messages/),
  open('contradicting counts', changed({ counts: counts({ sessions: 2 }) }), /contradict/),
  open(
    'huge counts',
    changed({
      counts: counts({ messages: 9e15 }),
      users: [{ userId: 'mia', sessions: 1, messages: 9e15, documents: 0 }],
    }),
    /counts more than/,
  ),
  open('a user that it does not list', changed({ userId: 'tom' }), /contradict/),
  open(
    'a malformed checksum',
    changed({ files: [{ ...listed(profile), sha256: 'f00' }] }),
    /sha256/,
  ),
  open('a file listed twice', changed({ files: [profile, profile].map(listed) }), /more than once/),
  open(
    'a name outside in the manifest',
    changed({ files: [{ ...listed(profile), name: '../evil' }] }),
    /unsafe/,
  ),
  open('a missing file', changed({ files: [profile, messages].map(listed) }), /is missing/),
  open('a file that is not listed', changed({}, [messages]), /does not list/),
  open(
    'a size that differs from the list',
    changed({ files: [{ ...listed(profile), bytes: 29 }] }),
    /29 are listed/,
  ),
  ...['../evil', 'users/../../evil', './evil', 'users//evil', '/etc/evil', 'C:/evil', 'c:evil'].map(
    (name) => open(`the name ${name}`, archiveOf([{ ...profile, name }]), /unsafe/),
  ),
  ...['users\\evil', 'users/e\u0000vil', 'users/e\u001bvil', '\u007f'].map((name) =>
    open(`the name ${JSON.stringify(name)}`, archiveOf([{ ...profile, name }]), /unsafe/),
  ),
  open('two files of one name', archiveOf([profile, profile], manifestOf([])), /more than once/),
  open(
    'files that share their data',
    archiveOf([profile, { ...profile, name: 'users/mia/twin', localName: '', sameAs: 0 }]),
    /contradicts/,
  ),
  open('overlapping files', overlapping(), /overlaps/),
  open(
    'a name that the header contradicts',
    archiveOf([{ ...profile, localName: 'users/eve' }]),
    /contradicts/,
  ),
  open('an encrypted file', archiveOf([{ ...profile, flags: 0x0801 }]), /encrypted/),
  open('an unknown compression', archiveOf([{ ...profile, method: 12 }]), /unknown way/),
  open(
    'a stored file of two sizes',
    archiveOf([{ ...profile, method: 0, declaredBytes: 900 }]),
    /two different sizes/,
  ),
  {
    ...open('more than is allowed', soundArchive, /more than the 50 that are allowed/),
    maxTotalBytes: 50,
  },
  open('a zip bomb', bomb(300 * 1024 * 1024), /claims to unpack/),
  open(
    'a manifest that is a zip bomb',
    buildZip([
      { name: 'manifest.json', content: new Uint8Array(1000), declaredBytes: 65 * 1024 * 1024 },
    ]),
    /larger than any/,
  ),
  verified('a bomb that declares little', bomb(1024), /longer than declared/),
  verified(
    'a file that declares too much',
    archiveOf([{ ...profile, declaredBytes: 4000 }]),
    /shorter than declared/,
  ),
  verified('a wrong CRC-32', archiveOf([{ ...profile, declaredCrc32: 1 }]), /CRC-32/),
  verified(
    'a wrong checksum in the manifest',
    changed({ files: [{ ...listed(profile), sha256: listed(messages).sha256 }] }),
    /SHA-256/,
  ),
  verified('data that is not compressed', damagedData(), /cannot be decompressed|damaged/),
];

function open(what: string, bytes: Uint8Array<ArrayBuffer>, message: RegExp): HostileArchive {
  return { what, bytes, code: 'corrupt', message, refusedBy: 'open' };
}

function verified(what: string, bytes: Uint8Array<ArrayBuffer>, message: RegExp): HostileArchive {
  return { ...open(what, bytes, message), refusedBy: 'verify' };
}

/** The profile alone, or with others that are not listed, under a manifest that is true but for this. */
function changed(changes: object, more: readonly RawEntry[] = []): Uint8Array<ArrayBuffer> {
  return archiveOf([profile, ...more], { ...manifestOf([listed(profile)]), ...changes });
}

function counts(changes: object): object {
  return { ...manifestOf([]).counts, ...changes };
}

/** Two megabytes of zeros in two kilobytes, under any declared size. */
function bomb(declaredBytes: number): Uint8Array<ArrayBuffer> {
  return archiveOf([{ ...profile, content: new Uint8Array(2 * 1024 * 1024), declaredBytes }]);
}

/** The data of the first file reaches to the end of the second. */
function overlapping(): Uint8Array<ArrayBuffer> {
  const inner = buildZip([{ ...profile, method: 0 }]);
  const header = inner.subarray(0, 30 + profile.name.length + profile.content.length);
  const outer: RawEntry = { name: 'users/mia/outer', content: header, method: 0 };
  const bytes = archiveOf([outer, { ...profile, method: 0 }]);
  // The directory's second record is pointed at the copy inside the first file.
  const view = new DataView(bytes.buffer);
  const records = view.getUint32(bytes.length - 6, true);
  const second = records + 46 + outer.name.length;
  view.setUint32(second + 42, 30 + outer.name.length, true);
  return bytes;
}

function damagedData(): Uint8Array<ArrayBuffer> {
  const bytes = archiveOf([profile]);
  // A block type that deflate does not have.
  bytes[30 + profile.name.length] = 0xff;
  return bytes;
}

function u16(value: number): Uint8Array {
  return new Uint8Array([value & 0xff, value >>> 8]);
}

function u32(value: number): Uint8Array {
  return new Uint8Array([value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
