/**
 * Reads profile files beside the page, which goes on meanwhile, and can end this at any time.
 */
import { buffersOf, type FromWorker, type ToWorker } from './messages';
import { reader } from './reading';

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer: ArrayBuffer[]): void;
};

const take = reader(message =>
  scope.postMessage(
    message,
    message.kind === 'profile' ? buffersOf(message.profile) : []
  )
);
scope.onmessage = ({ data }) => take(data);
