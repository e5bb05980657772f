import { FFValidationError, loadConfig, type FFConfigInput } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { openWithSession, type Subject } from './subject.ts';
import { addAll, contentsOf } from './support.ts';

/** What the contract says of the configuration. */
export function configurationContract(subject: Subject): void {
  const { create, open } = subject;

  describe('loadConfig', () => {
    it('gives the defaults that the contract names', () => {
      expect(loadConfig()).toMatchObject({
        storage: {
          basePath: 'flatfile-chat',
          durability: 'flushed',
          maxMessageBytes: 1_048_576,
          maxDocumentBytes: 104_857_600,
          maxIdLength: 128,
          maxOpenHandles: 48,
        },
        search: { defaultLimit: 100, language: 'auto' },
        vector: { model: 'static', device: 'auto', similarityThreshold: 0.7 },
        panel: { maxPersonas: 10 },
        context: { maxKeyPoints: 10, maxSummaryLength: 500, maxHistory: 100 },
      });
      const { search, document, runtime } = loadConfig();
      expect(search).toHaveProperty('typoTolerance');
      expect(search).toHaveProperty('prefix');
      expect(document).toHaveProperty('chunkSize');
      expect(document).toHaveProperty('chunkOverlap');
      expect(runtime).toHaveProperty('callTimeoutMs');
      expect(runtime).toHaveProperty('logLevel');
    });

    it('lays overrides over the defaults, key by key', () => {
      const { storage, panel } = loadConfig({
        storage: { maxIdLength: 64, durability: undefined },
        panel: undefined,
      });
      expect(storage).toMatchObject({ maxIdLength: 64, durability: 'flushed', maxOpenHandles: 48 });
      expect(panel).toStrictEqual({ maxPersonas: 10 });
    });

    it('gives the same shape for every preset, and lets overrides win over it', () => {
      for (const preset of ['development', 'production', 'test'] as const) {
        const config = loadConfig({ storage: { basePath: 'mine' } }, preset);
        expect(Object.keys(config)).toStrictEqual(Object.keys(loadConfig()));
        expect(config.storage.basePath).toBe('mine');
      }
    });

    it('gives what a manager can be made from', () => {
      const config = loadConfig({ context: { maxHistory: 7 } }, 'test');
      expect(create(config).getConfiguration()).toMatchObject({ context: { maxHistory: 7 } });
    });

    it('refuses a value out of its range, naming its path', () => {
      const load = (maxIdLength: number) => () => loadConfig({ storage: { maxIdLength } });
      expect(load(-1)).toThrow(FFValidationError);
      expect(load(-1)).toThrow(expect.objectContaining({ field: 'storage.maxIdLength' }));
      expect(load(1.5)).toThrow(FFValidationError);
    });
  });

  describe('getConfiguration', () => {
    it('gives the configuration in force, before and after opening', async () => {
      const storage = create({ search: { defaultLimit: 7 } });
      const before = storage.getConfiguration();
      expect(before).toStrictEqual(
        loadConfig({ storage: { basePath: before.storage.basePath }, search: { defaultLimit: 7 } }),
      );
      await storage.initialize();
      expect(storage.getConfiguration()).toStrictEqual(before);
    });

    it('gives a copy: changing it changes nothing', async () => {
      const storage = await open();
      const config = storage.getConfiguration();
      config.storage.maxIdLength = 8;
      Object.assign(config, { search: {} });
      expect(storage.getConfiguration()).toMatchObject({ storage: { maxIdLength: 128 } });
      expect(await storage.createUser('longer than eight')).toBe(true);
    });
  });

  describe('the search configuration', () => {
    const texts = ['walking', 'walked far', 'wlaking', 'walkietalkie'];

    async function found(search: NonNullable<FFConfigInput['search']>, query: string) {
      const { storage, sessionId } = await openWithSession(subject, { search });
      await addAll(storage, sessionId, texts);
      return contentsOf(await storage.searchMessages('alice', query)).sort();
    }

    it('prefix decides whether the beginning of a word finds it', async () => {
      expect(await found({ prefix: true, language: 'none' }, 'walkie')).toStrictEqual([
        'walkietalkie',
      ]);
      expect(await found({ prefix: false, language: 'none' }, 'walkie')).toStrictEqual([]);
    });

    it('language decides whether other forms of a word are found', async () => {
      const inEnglish = await found({ prefix: false, language: 'english' }, 'walking');
      expect(inEnglish).toStrictEqual(['walked far', 'walking']);
      expect(await found({ prefix: false, language: 'none' }, 'walking')).toStrictEqual([
        'walking',
      ]);
    });

    it('typoTolerance decides how many letters may differ', async () => {
      const tolerant = (typoTolerance: number) =>
        found({ prefix: false, language: 'none', typoTolerance }, 'wlakinf');
      expect(await tolerant(0)).toStrictEqual([]);
      expect(await tolerant(1)).toStrictEqual(['wlaking']);
    });

    it('defaultLimit decides how many hits there are at most', async () => {
      expect(await found({ defaultLimit: 2, typoTolerance: 2 }, 'walk')).toHaveLength(2);
    });
  });
}
