import './base.css';
import './views.css';
import './charts.css';
