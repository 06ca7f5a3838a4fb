"""A statement of Kraken's ledger with one year to tax, and the question about it."""

from __future__ import annotations

KRAKEN = """txid,refid,time,type,aclass,asset,amount,fee,balance
L1,R1,2023-01-02 03:04:05,deposit,currency,ZEUR,1000.0000,0.0000,1000.0000
L2,T1,2023-01-03 03:04:05,trade,currency,ZEUR,-300.0000,0.7800,699.2200
L3,T1,2023-01-03 03:04:05,trade,currency,XXBT,0.1,0.0000000000,0.1
L4,T2,2024-03-03 03:04:05,trade,currency,ZEUR,500.0000,1.0000,1198.2200
L5,T2,2024-03-03 03:04:05,trade,currency,XXBT,-0.1,0.0000000000,0
L6,R3,2025-03-03 03:04:05,staking,currency,XETH,0.5,0.0000000000,0.5
"""
DE_2024 = ("--jurisdiction", "de", "--year", "2024")
