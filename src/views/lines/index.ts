import '../../../style/lines.css';

/**
 * Lines of a profile and what each took: a chunk of its own, loaded when it is first looked at.
 */
export { LinesView } from './linesView';
