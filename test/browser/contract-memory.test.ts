import { describe } from 'vitest';
import { contract } from '../contract/contract.ts';
import { memory } from './support/subjects.ts';

describe('the contract on memory, in a worker', () => {
  contract(memory);
});
