import type { ISettingRegistry } from '@jupyterlab/settingregistry';

import { OUTPUT_PLUGIN_ID } from '../../tokens';

/** Key of the setting. */
const KEY = 'gutterHeat';

/**
 * Whether costs are shown: a setting of the reader's, or, where there are no settings, as long as the page.
 */
export class HeatSwitch {
  /**
   * @param _onChange - told when it is known, and of every change
   */
  constructor(
    registry: ISettingRegistry | null,
    private readonly _onChange: () => void
  ) {
    if (!registry) {
      this._isOn = true;
      return;
    }
    registry.load(OUTPUT_PLUGIN_ID).then(
      settings => {
        this._settings = settings;
        settings.changed.connect(this._read, this);
        this._read();
      },
      reason => {
        console.error(`Settings of ${OUTPUT_PLUGIN_ID} did not load.`, reason);
        this._turn(true);
      }
    );
  }

  /** False until it is known. */
  get isOn(): boolean {
    return this._isOn;
  }

  /**
   * Turn it on or off.
   */
  async toggle(): Promise<void> {
    if (this._settings) {
      await this._settings.set(KEY, !this._isOn);
    } else {
      this._turn(!this._isOn);
    }
  }

  private _read(): void {
    this._turn(this._settings?.composite[KEY] !== false);
  }

  private _turn(isOn: boolean): void {
    this._isOn = isOn;
    this._onChange();
  }

  private _settings: ISettingRegistry.ISettings | null = null;
  private _isOn = false;
}
