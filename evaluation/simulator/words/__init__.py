"""Word tables of the simulated platform, written for this project; no text in them was collected."""
