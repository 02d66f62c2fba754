"""Changes made through both wires, and what every subscribed webhook was told about them, scene by scene."""
