import '../../../style/pictures.css';
import '../../../style/charts.css';

/**
 * Charts of a profile. With plotly they are a chunk of their own, loaded when they are first looked at.
 */
export { ChartsView, type IChartsOptions } from './chartsView';
export { ResultCharts } from './resultCharts';
