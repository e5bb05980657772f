import { describe } from 'vitest';
import { contract } from '../contract/contract.ts';
import { memory } from './support/subjects.ts';

// All of it runs on memory in Node as well. These parts are checked before a call reaches the worker,
// or are the same on every backend, and two others run them in workers.
const ELSEWHERE = ['bad ', 'search ', 'similar '];

describe('the contract on memory, in a worker', () => {
  contract(memory, ELSEWHERE);
});
