import { FFValidationError, loadConfig, type FFConfigInput } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { openWithSession, type Subject } from './subject.ts';
import { addAll, contentsOf, expectError, say, untyped } from './support.ts';

/** What the contract says of the configuration. */
export function configurationContract(subject: Subject): void {
  const { create, open, persistent } = subject;

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
          reserveBytes: 2_097_152,
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

  describe('updateConfiguration', () => {
    it('takes effect for the calls that follow', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      const longId = 'a'.repeat(20);
      expect(await storage.createUser(longId)).toBe(true);
      const updated = await storage.updateConfiguration({
        storage: { maxIdLength: 10, maxMessageBytes: 5, durability: undefined },
        search: undefined,
      });
      expect(updated).toBe(true);
      expect(storage.getConfiguration()).toMatchObject({
        storage: { maxIdLength: 10, maxMessageBytes: 5, durability: 'flushed' },
        search: { defaultLimit: 100 },
      });
      await expectError(storage.userExists(longId), { code: 'validation', field: 'userId' });
      await storage.updateConfiguration({ storage: { maxIdLength: 128 } });
      expect(await storage.userExists(longId)).toBe(true);
      await expectError(storage.addMessage('alice', sessionId, say('longer')), {
        code: 'validation',
        field: 'content',
      });
    });

    it('changes how searches find', async () => {
      const { storage, sessionId } = await openWithSession(subject, {
        search: { language: 'none', prefix: false },
      });
      await addAll(storage, sessionId, ['walking', 'walked', 'walkietalkie']);
      const found = async () => contentsOf(await storage.searchMessages('alice', 'walk')).sort();
      expect(await found()).toStrictEqual([]);
      await storage.updateConfiguration({ search: { language: 'english' } });
      expect(await found()).toStrictEqual(['walked', 'walking']);
      await storage.updateConfiguration({ search: { prefix: true } });
      expect(await found()).toStrictEqual(['walked', 'walkietalkie', 'walking']);
      await storage.updateConfiguration({ search: { defaultLimit: 1 } });
      expect(await found()).toHaveLength(1);
    });

    const BAD_UPDATES: readonly (readonly [field: string, updates: unknown])[] = [
      ['storage.maxIdLength', { storage: { maxIdLength: 1 } }],
      ['storage.maxIdLenght', { storage: { maxIdLenght: 64 } }],
      ['serach', { serach: {} }],
      ['search', { search: null }],
      ['document.chunkOverlap', { document: { chunkSize: 100 } }],
      ['document.allowedMimeTypes[0]', { document: { allowedMimeTypes: ['pdf'] } }],
      ['storage.basePath', { storage: { basePath: 'elsewhere' } }],
      ['config', null],
      ['config', 'silent'],
    ];

    it.each(BAD_UPDATES)('refuses a bad %s and changes nothing', async (field, updates) => {
      const storage = await open();
      const before = storage.getConfiguration();
      const withGood =
        typeof updates === 'object' && updates !== null
          ? { panel: { maxPersonas: 3 }, ...updates }
          : updates;
      await expectError(storage.updateConfiguration(untyped(withGood)), {
        type: FFValidationError,
        code: 'validation',
        field,
      });
      expect(storage.getConfiguration()).toStrictEqual(before);
    });

    it('takes the base path that the store has', async () => {
      const storage = await open();
      const { basePath } = storage.getConfiguration().storage;
      expect(await storage.updateConfiguration({ storage: { basePath } })).toBe(true);
    });

    it('needs an open store', async () => {
      const storage = create();
      const updates = { panel: { maxPersonas: 3 } };
      await expectError(storage.updateConfiguration(updates), { code: 'closed' });
      await storage.initialize();
      await storage.close();
      await expectError(storage.updateConfiguration(updates), { code: 'closed' });
      expect(storage.getConfiguration().panel.maxPersonas).toBe(10);
    });

    // What follows is for stores that remember.
    if (!persistent) return;

    it('is saved, and wins over what the next manager is made with, key by key', async () => {
      const storage = await open({ context: { maxHistory: 7 } });
      await storage.updateConfiguration({
        context: { maxKeyPoints: 3 },
        panel: { maxPersonas: 4 },
      });
      await storage.updateConfiguration({ panel: { maxPersonas: 5 } });
      await storage.close();
      const { basePath } = storage.getConfiguration().storage;
      const next = create({
        storage: { basePath },
        context: { maxKeyPoints: 8, maxSummaryLength: 99 },
      });
      expect(next.getConfiguration().context.maxKeyPoints).toBe(8);
      await next.initialize();
      expect(next.getConfiguration()).toMatchObject({
        context: { maxKeyPoints: 3, maxSummaryLength: 99, maxHistory: 100 },
        panel: { maxPersonas: 5 },
      });
    });

    it('keeps the two that bound each other together', async () => {
      const storage = await open();
      await storage.updateConfiguration({ document: { chunkOverlap: 500 } });
      await storage.close();
      const { basePath } = storage.getConfiguration().storage;
      const next = await open({ storage: { basePath }, document: { chunkSize: 300 } });
      expect(next.getConfiguration().document).toMatchObject({
        chunkSize: 1_000,
        chunkOverlap: 500,
      });
    });

    it('is in force in the store as soon as it is open', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      await storage.updateConfiguration({ storage: { maxMessageBytes: 3 } });
      await storage.close();
      const { basePath } = storage.getConfiguration().storage;
      const again = await open({ storage: { basePath } });
      await expectError(again.addMessage('alice', sessionId, say('four')), {
        code: 'validation',
        field: 'content',
      });
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
