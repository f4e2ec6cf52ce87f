import '../../../style/native.css';
import { useCompiled } from '../functionName';
import { COMPILED_CODE } from './compiled';

export { NativeView } from './nativeView';

useCompiled(COMPILED_CODE);
