"""What adapters share in reading pages: documents, links, titles, numbers, dates and the words of several languages."""
