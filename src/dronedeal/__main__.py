"""`python -m dronedeal` is the command `dronedeal`."""

from dronedeal.cli import main

if __name__ == "__main__":
    main()
