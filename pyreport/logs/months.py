"""The names of the months in the languages that systems write their logs in (CLDR, as Babel has them; strftime(3))."""

from __future__ import annotations

_NAMES = """
jan january januar janvier janv ene enero 1月
feb february februar février févr fév fevr febrero 2月
mar march märz mär mars marzo 3月
apr april avril avr abr abril 4月
may mai mayo 5月
jun june juni juin junio 6月
jul july juli juillet juil julio 7月
aug august août aoû aout ago agosto 8月
sep sept september septembre septiembre set 9月
oct october oktober okt octobre octubre 10月
nov november novembre noviembre 11月
dec december dezember dez décembre déc dic diciembre 12月
"""
#: The number of each month by its names in small letters, without a full stop.
MONTH_NAMES = {name: number for number, names in enumerate(_NAMES.strip().split("\n"), 1) for name in names.split()}
