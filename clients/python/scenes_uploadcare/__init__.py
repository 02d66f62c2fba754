"""What an application does with pyuploadcare, scene by scene."""
