import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;

/** Versions of ONNX that have all operators used here. */
const OPSET = 17;
const IR_VERSION = 8;

/** Numbers of ONNX for the types of tensors. */
const FLOAT = 1;
const UINT8 = 2;
const INT64 = 7;

/** Numbers of ONNX for the types of attributes. */
const ATTRIBUTE = { float: 1, int: 2, ints: 7 };

/** @typedef {{ float: number } | { int: number } | { ints: number[] }} Attribute */

/**
 * Writes down an ONNX graph, operator by operator. A value in it is known by its name.
 */
export class GraphBuilder {
  /** @type {import('onnx-proto').onnx.INodeProto[]} */
  #nodes = [];
  /** @type {Map<string, import('onnx-proto').onnx.ITensorProto>} */
  #constants = new Map();

  /**
   * Adds an operator with one output and gives that.
   *
   * @param {string} opType
   * @param {string[]} input
   * @param {Record<string, Attribute>} [attributes]
   * @returns {string}
   */
  op(opType, input, attributes = {}) {
    return this.opWithOutputs(1, opType, input, attributes)[0] ?? '';
  }

  /**
   * @param {number} count
   * @param {string} opType
   * @param {string[]} input
   * @param {Record<string, Attribute>} [attributes]
   * @returns {string[]}
   */
  opWithOutputs(count, opType, input, attributes = {}) {
    const name = `${opType}_${this.#nodes.length}`;
    const output = Array.from({ length: count }, (_, index) => `${name}:${index}`);
    const attribute = Object.entries(attributes).map(toAttribute);
    this.#nodes.push({ name, opType, input, output, attribute });
    return output;
  }

  /**
   * @param {string} name
   * @param {number[]} shape
   * @param {Float32Array<ArrayBuffer>} values
   */
  floats(name, shape, values) {
    return this.#constant(name, FLOAT, shape, new Uint8Array(values.buffer));
  }

  /**
   * @param {string} name
   * @param {number} value
   */
  float(name, value) {
    return this.floats(name, [], Float32Array.of(value));
  }

  /**
   * @param {string} name
   * @param {number[]} shape
   * @param {Uint8Array} values
   */
  bytes(name, shape, values) {
    return this.#constant(name, UINT8, shape, values);
  }

  /**
   * @param {string} name
   * @param {number | number[]} values
   */
  integers(name, values) {
    const list = typeof values === 'number' ? [values] : values;
    const shape = typeof values === 'number' ? [] : [values.length];
    const numbers = BigInt64Array.from(list, BigInt);
    return this.#constant(name, INT64, shape, new Uint8Array(numbers.buffer));
  }

  /**
   * The model as bytes. A size given by a name may differ from run to run.
   *
   * @param {{ inputs: string[], inputShape: string[], output: string, outputName: string, outputShape: (string | number)[] }} signature
   */
  encode({ inputs, inputShape, output, outputName, outputShape }) {
    this.#nodes.push({ name: 'output', opType: 'Identity', input: [output], output: [outputName] });
    const model = onnx.ModelProto.create({
      irVersion: IR_VERSION,
      producerName: 'flatfile-chat',
      opsetImport: [{ domain: '', version: OPSET }],
      graph: {
        name: 'main',
        node: this.#nodes,
        initializer: [...this.#constants.values()],
        input: inputs.map((name) => valueInfo(name, INT64, inputShape)),
        output: [valueInfo(outputName, FLOAT, outputShape)],
      },
    });
    return onnx.ModelProto.encode(model).finish();
  }

  /**
   * @param {string} name
   * @param {number} dataType
   * @param {number[]} dims
   * @param {Uint8Array} rawData
   */
  #constant(name, dataType, dims, rawData) {
    if (this.#constants.has(name)) throw new Error(`${name} is there twice.`);
    this.#constants.set(name, { name, dataType, dims, rawData });
    return name;
  }
}

/**
 * @param {[string, Attribute]} entry
 * @returns {import('onnx-proto').onnx.IAttributeProto}
 */
function toAttribute([name, value]) {
  if ('float' in value) return { name, type: ATTRIBUTE.float, f: value.float };
  if ('int' in value) return { name, type: ATTRIBUTE.int, i: value.int };
  return { name, type: ATTRIBUTE.ints, ints: value.ints };
}

/**
 * @param {string} name
 * @param {number} elemType
 * @param {(string | number)[]} shape
 */
function valueInfo(name, elemType, shape) {
  const dim = shape.map((size) =>
    typeof size === 'string' ? { dimParam: size } : { dimValue: size },
  );
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}
