"""An example case made of a record that was filed."""
