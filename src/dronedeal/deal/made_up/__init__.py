"""The parts of a made-up deal, subject by subject; `dronedeal.deal.synthetic` puts them together."""
