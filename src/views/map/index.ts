import '../../../style/pictures.css';
import '../../../style/boxes.css';
import '../../../style/map.css';

/**
 * The square map of a profile: a chunk of its own, loaded when it is first looked at.
 */
export { MapView } from './mapView';
