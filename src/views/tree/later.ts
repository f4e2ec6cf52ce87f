import '../../../style/treeLater.css';

/**
 * What a first picture of a tree does not need: other shapes of it, what can be done with a box, and exports. A chunk of
 * its own, asked for as soon as the picture is there.
 */
export { applyTransforms } from '../../profile/tree/applyTransforms';
export { invertedTree } from '../../profile/tree/callerTree';
export { estimatedTree } from '../../profile/tree/estimatedTree';
export { sandwichOf } from '../../profile/tree/sandwich';
export { Changes } from './changes';
export { Minimap } from './minimap';
export { treeNotice } from './notices';
export { TreeExports } from './treeExports';
