"""Rules about the last layer and the loss: ids 7800 to 7819."""
