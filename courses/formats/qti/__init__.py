"""Questions in QTI 1.2: Common Cartridge and Canvas."""
