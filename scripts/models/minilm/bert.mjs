import { GraphBuilder } from './graph.mjs';
import { dequantize, zeroPointOf } from './tfjs-weights.mjs';

/** @typedef {import('./tfjs-weights.mjs').QuantizedTensor} QuantizedTensor */

/** The shape of all-MiniLM-L6-v2. */
export const BERT = { layers: 6, heads: 12, hidden: 384, intermediate: 1_536, positions: 512 };

/** BERT's own; float32 holds it. */
const LAYER_NORM_EPSILON = 1e-12;
/** Added to the scores of padding, before softmax makes them vanish. */
const MASKED = -10_000;
const TO_FLOAT = { to: { int: 1 } };

/** Where the package's graph keeps its parts. */
const ROOT = 'StatefulPartitionedCall/model/tf_bert_model/bert/';
const WORDS = 'unknown';
const POSITIONS = 'unknown_0';
const SEGMENTS = 'unknown_1';

/**
 * BERT as an ONNX graph whose weights stay 8-bit numbers: what a layer reads is brought to 8 bits as
 * it comes, and the products are summed up as integers.
 *
 * @param {ReadonlyMap<string, QuantizedTensor>} weights
 * @returns {Uint8Array}
 */
export function encodeBert(weights) {
  const graph = new GraphBuilder();
  /** @param {string} name */
  const weight = (name) => {
    const tensor = weights.get(name);
    if (tensor === undefined) throw new Error(`The package has no weights "${name}".`);
    return tensor;
  };
  /** @param {string} name */
  const floats = (name) => graph.floats(name, weight(name).shape, dequantize(weight(name)));
  /** @param {string} name */
  const quantized = (name) => ({
    values: graph.bytes(name, weight(name).shape, weight(name).bytes),
    zeroPoint: graph.bytes(`${name}:zero`, [], Uint8Array.of(zeroPointOf(weight(name)))),
    scale: graph.float(`${name}:scale`, weight(name).scale),
  });

  /**
   * @param {string} table
   * @param {string} indices
   */
  const lookUp = (table, indices) => {
    const { values, zeroPoint, scale } = quantized(table);
    const rows = graph.op('Gather', [values, indices], { axis: { int: 0 } });
    return graph.op('DequantizeLinear', [rows, scale, zeroPoint]);
  };

  /** @type {Map<string, string[]>} Three layers read the same input: it is brought to 8 bits once. */
  const quantizedInputs = new Map();
  /**
   * @param {string} input
   * @param {string} layer
   */
  const dense = (input, layer) => {
    const inBytes =
      quantizedInputs.get(input) ?? graph.opWithOutputs(3, 'DynamicQuantizeLinear', [input]);
    quantizedInputs.set(input, inBytes);
    const [bytes = '', inputScale = '', inputZero = ''] = inBytes;
    const { values, zeroPoint, scale } = quantized(`${layer}/Tensordot/ReadVariableOp`);
    const sums = graph.op('MatMulInteger', [bytes, values, inputZero, zeroPoint]);
    const product = graph.op('Mul', [
      graph.op('Cast', [sums], TO_FLOAT),
      graph.op('Mul', [inputScale, scale]),
    ]);
    return graph.op('Add', [product, floats(`${layer}/BiasAdd/ReadVariableOp`)]);
  };

  /**
   * @param {string} input
   * @param {string} layer
   */
  const layerNorm = (input, layer) =>
    graph.op(
      'LayerNormalization',
      [
        input,
        floats(`${layer}/batchnorm/mul/ReadVariableOp`),
        floats(`${layer}/batchnorm/ReadVariableOp`),
      ],
      { axis: { int: -1 }, epsilon: { float: LAYER_NORM_EPSILON } },
    );

  const one = graph.float('one', 1);
  const half = graph.float('half', 0.5);
  const rootOfHalf = graph.float('root of half', Math.SQRT1_2);
  /** @param {string} input */
  const gelu = (input) => {
    const share = graph.op('Add', [graph.op('Erf', [graph.op('Mul', [input, rootOfHalf])]), one]);
    return graph.op('Mul', [graph.op('Mul', [input, half]), share]);
  };

  const split = graph.integers('heads', [0, 0, BERT.heads, BERT.hidden / BERT.heads]);
  const joined = graph.integers('hidden', [0, 0, BERT.hidden]);
  const headScale = graph.float('head scale', 1 / Math.sqrt(BERT.hidden / BERT.heads));
  /**
   * @param {string} input
   * @param {string} layer
   * @param {number[]} order
   */
  const head = (input, layer, order) =>
    graph.op('Transpose', [graph.op('Reshape', [dense(input, layer), split])], {
      perm: { ints: order },
    });
  /**
   * @param {string} input
   * @param {string} layer
   * @param {string} mask
   */
  const selfAttention = (input, layer, mask) => {
    const query = head(input, `${layer}/query`, [0, 2, 1, 3]);
    const key = head(input, `${layer}/key`, [0, 2, 3, 1]);
    const value = head(input, `${layer}/value`, [0, 2, 1, 3]);
    const scores = graph.op('Mul', [graph.op('MatMul', [query, key]), headScale]);
    const shares = graph.op('Softmax', [graph.op('Add', [scores, mask])], { axis: { int: -1 } });
    const context = graph.op('Transpose', [graph.op('MatMul', [shares, value])], {
      perm: { ints: [0, 2, 1, 3] },
    });
    return graph.op('Reshape', [context, joined]);
  };

  const masked = graph.float('masked', MASKED);
  const attended = graph.op('Unsqueeze', [
    graph.op('Cast', ['attention_mask'], TO_FLOAT),
    graph.integers('head and query', [1, 2]),
  ]);
  const mask = graph.op('Mul', [graph.op('Sub', [one, attended]), masked]);

  const first = graph.integers('first', 0);
  const step = graph.integers('step', 1);
  const length = graph.op('Gather', [graph.op('Shape', ['input_ids']), step], { axis: { int: 0 } });
  const positions = graph.op('Range', [first, length, step]);
  const embedded = graph.op('Add', [
    graph.op('Add', [lookUp(WORDS, 'input_ids'), lookUp(SEGMENTS, 'token_type_ids')]),
    lookUp(POSITIONS, positions),
  ]);

  let hidden = layerNorm(embedded, `${ROOT}embeddings/LayerNorm`);
  for (let index = 0; index < BERT.layers; index += 1) {
    const layer = `${ROOT}encoder/layer_._${index}`;
    const context = selfAttention(hidden, `${layer}/attention/self`, mask);
    const attention = dense(context, `${layer}/attention/output/dense`);
    hidden = layerNorm(graph.op('Add', [attention, hidden]), `${layer}/attention/output/LayerNorm`);
    const inner = gelu(dense(hidden, `${layer}/intermediate/dense`));
    const output = dense(inner, `${layer}/output/dense`);
    hidden = layerNorm(graph.op('Add', [output, hidden]), `${layer}/output/LayerNorm`);
  }

  return graph.encode({
    inputs: ['input_ids', 'attention_mask', 'token_type_ids'],
    inputShape: ['batch_size', 'sequence_length'],
    output: hidden,
    outputName: 'last_hidden_state',
    outputShape: ['batch_size', 'sequence_length', BERT.hidden],
  });
}
