import '../../../style/calls.css';

export { CallsView } from './callsView';
