/**
 * What a result needs only when its reader asks for it: a chunk of its own.
 */
export { csv } from '../profile/csv';
export { pstatsText } from '../profile/pstatsText';
export { copyText } from './clipboard';
export { fileName, saveText } from './saveFile';
export { sourcePanel } from './sourcePanel';
