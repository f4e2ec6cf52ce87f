import './base.css';
import './views.css';
import './notebook.css';
