import '../../style/later.css';

import { useTypedPatterns } from '../profile/search';
import { typedPattern } from '../profile/typedPattern';

/**
 * What a result needs only when its reader asks for it: a chunk of its own.
 */
export { byItself, gapSentence, noCallers, restName } from './accountGap';
export { moreEntries } from './accountMore';
export { worker } from './accountWorker';
export { CodeOpener, placeOf } from './codeOpener';
export { copyRows, onCopy } from './exports';
export { Grouping } from './grouping';
export { estimatedTree } from '../profile/tree/estimatedTree';
export { measurement } from './measurement';
export { searchRefusal } from './searchRefusal';
export { saveSvg } from './pictures/svgFile';
export { PlainKeys } from './plainKeys';
export { nativeButton } from './nativeButton';
export { notApplied } from './notApplied';
export { noFunctions } from './noFunctions';
export { refusal } from './refusal';
export { saveAs } from './save';
export { selectionSummary } from './selectionSummary';
export { excerptAt, excerptOf, sourceLines } from './sourcePanel';
export { statusSentence } from './status';
export { whatIf } from './whatIf';

useTypedPatterns(text => {
  const read = typedPattern(text);
  return typeof read === 'string' ? null : read;
});
