import { NumberFormat } from '../../profile/format';
import { trans } from '../../standalone/english';
import type { IContext } from '../context';

export { trans };

/** What views are given. */
export const context: IContext = { trans, numbers: new NumberFormat('en') };
