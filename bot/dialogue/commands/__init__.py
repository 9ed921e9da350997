"""The commands: a module for each, which holds its COMMAND. Adding one is its module and its words in each language."""
