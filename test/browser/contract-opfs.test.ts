import { describe } from 'vitest';
import { contract } from '../contract/contract.ts';
import { opfs } from './support/subjects.ts';

describe('the contract on opfs, in a worker', () => {
  contract(opfs);
});
