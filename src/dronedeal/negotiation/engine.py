"""Where questions are put; the engines are those of `dronedeal.engine`."""

from dronedeal.engine import Engine, Processes, Serial, Threads, engine_of

__all__ = ["Engine", "Processes", "Serial", "Threads", "engine_of"]
