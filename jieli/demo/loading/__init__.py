"""Each file brings one part of the brand into the database, through the doors of the modules that own it."""
