import { describeReference } from '../support/reference-examples.ts';

describeReference('opfs');
describeReference('memory');
