"""The numbers of Annotally: plain functions of numbers and arrays, without Django and without a database."""
