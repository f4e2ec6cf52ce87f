import '../../../style/gutter.css';

/**
 * Costs of lines in the margins of cells and files: a chunk of its own, loaded when a result with lines is drawn.
 */
export { Gutter, type IServices } from './gutter';
