import '../../../style/pictures.css';
import '../../../style/boxes.css';
import '../../../style/tree.css';

/**
 * The call tree of a profile: a chunk of its own, loaded when it is first looked at.
 */
export { FlameCanvas, type IPicture, type ISight } from './flameCanvas';
export { readPalette, type IPalette, type Tint } from '../pictures/palette';
export { TreeView } from './treeView';
