"""Text in, findings out: intent, emotion and entities of customers' messages. Knows no table and no other module."""
