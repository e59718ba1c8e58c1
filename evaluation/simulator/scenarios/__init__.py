"""Named scenarios, one small file each."""
