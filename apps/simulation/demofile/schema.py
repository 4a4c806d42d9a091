"""The game's classes and fields, in the game's own words, and what awpy calls weapons and grenades.

A field is "name type [bits] [@send node] [=serializer] [!encoder]"; ``_`` beside an angle bracket stands for a space.
Nested serializers come before those that hold them.
"""

_ITEM = "m_AttributeManager.m_Item"
_BODY = "m_skeletonInstance.m_vecOrigin"
_MODEL = "m_skeletonInstance.m_modelState"
_BODIES = f"""
m_cellX uint16 @{_BODY}
m_cellY uint16 @{_BODY}
m_cellZ uint16 @{_BODY}
m_vecX CNetworkedQuantizedFloat 32 @{_BODY}
m_vecY CNetworkedQuantizedFloat 32 @{_BODY}
m_vecZ CNetworkedQuantizedFloat 32 @{_BODY}
m_hModel CStrongHandle<_InfoForResourceTypeCModel_> @{_MODEL}
"""
_WEAPON = f"""
CBodyComponent CBodyComponent =CBodyComponentBaseAnimGraph
m_fLastShotTime GameTime_t 32
m_hOwnerEntity CHandle<_CBaseEntity_>
m_iTeamNum uint8
m_iItemDefinitionIndex uint16 @{_ITEM}
m_OriginalOwnerXuidLow uint32
m_OriginalOwnerXuidHigh uint32
m_iState CSWeaponState_t
m_bInReload bool
m_bReloadVisuallyComplete bool
m_iClip1 int32
m_pReserveAmmo int32[2]
"""
_PROJECTILE = """
CBodyComponent CBodyComponent =CBodyComponentBaseAnimGraph
m_hOwnerEntity CHandle<_CBaseEntity_>
m_iTeamNum uint8
m_hThrower CHandle<_CCSPlayerPawn_>
m_nBounces int32
m_bIsIncGrenade bool
m_nSmokeEffectTickBegin int32
m_bDidSmokeEffect bool
m_vSmokeDetonationPos Vector 32
"""
SERIALIZERS: dict[str, str] = {
    "CBodyComponentBaseAnimGraph": _BODIES,
    "CBodyComponentBaseModelEntity": _BODIES,
    "CCSPlayerController_InGameMoneyServices": """
m_iAccount int32
m_iStartAccount int32
m_iTotalCashSpent int32
m_iCashSpentThisRound int32
""",
    "CCSPlayerController_ActionTrackingServices": """
m_iKills int32
m_iDeaths int32
m_iAssists int32
m_iDamage int32
""",
    "CCSPlayer_WeaponServices": """
m_hMyWeapons CNetworkUtlVectorBase<_CHandle<_CBasePlayerWeapon_>_>
m_hActiveWeapon CHandle<_CBasePlayerWeapon_>
""",
    "CCSPlayer_ItemServices": "m_bHasDefuser bool\nm_bHasHelmet bool",
    "CCSPlayer_MovementServices": "m_flDuckAmount float32 32\nm_bDucked bool",
    "CCSGameRules": """
m_bMapHasBombTarget bool
m_bMapHasRescueZone bool
m_nMatchAbortedEarlyReason int32
m_bFreezePeriod bool
m_bWarmupPeriod bool
m_fWarmupPeriodEnd GameTime_t 32
m_bTerroristTimeOutActive bool
m_bCTTimeOutActive bool
m_bTechnicalTimeOut bool
m_bMatchWaitingForResume bool
m_iRoundTime int32
m_fRoundStartTime GameTime_t 32
m_gamePhase int32
m_totalRoundsPlayed int32
m_nOvertimePlaying int32
m_bHasMatchStarted bool
m_bBombDropped bool
m_bBombPlanted bool
m_iRoundWinStatus int32
m_eRoundWinReason int32
""",
    "CCSPlayerController": """
m_nTickBase uint32
m_iTeamNum uint8
m_hPawn CHandle<_CBasePlayerPawn_>
m_iConnected PlayerConnectedState
m_iszPlayerName char[128]
m_steamID uint64 !fixed64
m_pInGameMoneyServices CCSPlayerController_InGameMoneyServices* =CCSPlayerController_InGameMoneyServices
m_pActionTrackingServices CCSPlayerController_ActionTrackingServices* =CCSPlayerController_ActionTrackingServices
m_hPlayerPawn CHandle<_CCSPlayerPawn_>
m_bPawnIsAlive bool
m_bControllingBot bool
m_hOriginalControllerOfCurrentPawn CHandle<_CCSPlayerController_>
m_iCoachingTeam int32
m_iCompTeammateColor int32
m_iCompetitiveRanking int32
m_iCompetitiveWins int32
m_iCompetitiveRankType int8
m_szCrosshairCodes CUtlSymbolLarge
m_iPawnHealth uint32
m_iPawnArmor int32
m_iScore int32
m_iMVPs int32
""",
    "CCSPlayerPawn": """
CBodyComponent CBodyComponent =CBodyComponentBaseAnimGraph
m_angEyeAngles QAngle !qangle_precise
m_iHealth int32
m_lifeState uint8
m_fFlags uint32
m_hGroundEntity CHandle<_CBaseEntity_>
m_iTeamNum uint8
m_vecX CNetworkedQuantizedFloat 32 @m_vecVelocity
m_vecY CNetworkedQuantizedFloat 32 @m_vecVelocity
m_vecZ CNetworkedQuantizedFloat 32 @m_vecVelocity
m_pWeaponServices CPlayer_WeaponServices* =CCSPlayer_WeaponServices
m_pItemServices CPlayer_ItemServices* =CCSPlayer_ItemServices
m_pMovementServices CPlayer_MovementServices* =CCSPlayer_MovementServices
m_hController CHandle<_CBasePlayerController_>
m_flFlashDuration float32 32
m_flFlashMaxAlpha float32 32
m_hOriginalController CHandle<_CCSPlayerController_>
m_szLastPlaceName char[18]
m_bInBuyZone bool
m_bInBombZone bool
m_nWhichBombZone int32
m_bIsWalking bool
m_bIsScoped bool
m_bIsDefusing bool
m_ArmorValue int32
m_unCurrentEquipmentValue uint16
m_unRoundStartEquipmentValue uint16
m_unFreezetimeEndEquipmentValue uint16
""",
    "CCSGameRulesProxy": "m_pGameRules CCSGameRules* =CCSGameRules",
    "CCSTeam": """
m_iTeamNum uint8
m_iScore int32
m_szTeamname char[129]
m_bSurrendered bool
m_scoreFirstHalf int32
m_scoreSecondHalf int32
m_scoreOvertime int32
m_szClanTeamname char[129]
""",
    "CPlantedC4": """
CBodyComponent CBodyComponent =CBodyComponentBaseAnimGraph
m_hOwnerEntity CHandle<_CBaseEntity_>
m_hBombDefuser CHandle<_CCSPlayerPawn_>
m_bBombTicking bool
m_nBombSite int32
m_flC4Blow GameTime_t 32
m_bHasExploded bool
m_bBeingDefused bool
m_bBombDefused bool
""",
    "CInferno": """
CBodyComponent CBodyComponent =CBodyComponentBaseModelEntity
m_hOwnerEntity CHandle<_CBaseEntity_>
m_firePositions Vector[64] 32
m_bFireIsBurning bool[64]
m_fireCount int32
m_nFireEffectTickBegin int32
m_nFireLifetime float32 32
""",
    "CWorld": "m_iTeamNum uint8",
    "CCSPlayerResource": """
m_bHostageAlive bool[12]
m_bombsiteCenterA Vector 32
m_bombsiteCenterB Vector 32
""",
    "CBombTarget": """
m_vecMins Vector 32
m_vecMaxs Vector 32
""",
    "CHostage": "m_nHostageState uint32",
    "CChicken": "m_iTeamNum uint8",
}
PROJECTILES = {
    "smokegrenade": "CSmokeGrenadeProjectile",
    "flashbang": "CFlashbangProjectile",
    "hegrenade": "CHEGrenadeProjectile",
    "molotov": "CMolotovProjectile",
    "incgrenade": "CMolotovProjectile",
    "decoy": "CDecoyProjectile",
}
# class and item definition index of what awpy calls so
WEAPONS: dict[str, tuple[str, int]] = {
    "deagle": ("CDEagle", 1), "elite": ("CWeaponElite", 2), "fiveseven": ("CWeaponFiveSeven", 3),
    "glock": ("CWeaponGlock", 4), "ak47": ("CAK47", 7), "aug": ("CWeaponAug", 8), "awp": ("CWeaponAWP", 9),
    "famas": ("CWeaponFamas", 10), "g3sg1": ("CWeaponG3SG1", 11), "galilar": ("CWeaponGalilAR", 13),
    "m249": ("CWeaponM249", 14), "m4a1": ("CWeaponM4A1", 16), "mac10": ("CWeaponMAC10", 17),
    "p90": ("CWeaponP90", 19), "mp5sd": ("CWeaponMP5SD", 23), "ump45": ("CWeaponUMP45", 24),
    "xm1014": ("CWeaponXM1014", 25), "bizon": ("CWeaponBizon", 26), "mag7": ("CWeaponMag7", 27),
    "negev": ("CWeaponNegev", 28), "sawedoff": ("CWeaponSawedoff", 29), "tec9": ("CWeaponTec9", 30),
    "taser": ("CWeaponTaser", 31), "hkp2000": ("CWeaponHKP2000", 32), "mp7": ("CWeaponMP7", 33),
    "mp9": ("CWeaponMP9", 34), "nova": ("CWeaponNOVA", 35), "p250": ("CWeaponP250", 36),
    "scar20": ("CWeaponSCAR20", 38), "sg556": ("CWeaponSG556", 39), "ssg08": ("CWeaponSSG08", 40),
    "knife": ("CKnife", 42), "flashbang": ("CFlashbang", 43), "hegrenade": ("CHEGrenade", 44),
    "smokegrenade": ("CSmokeGrenade", 45), "molotov": ("CMolotovGrenade", 46), "decoy": ("CDecoyGrenade", 47),
    "incgrenade": ("CIncendiaryGrenade", 48), "c4": ("CC4", 49), "knife_t": ("CKnife", 59),
    "m4a1_silencer": ("CWeaponM4A1Silencer", 60), "usp_silencer": ("CWeaponUSPSilencer", 61),
    "cz75a": ("CWeaponCZ75a", 63), "revolver": ("CWeaponRevolver", 64), "healthshot": ("CItem_Healthshot", 57),
}  # fmt: skip
SERIALIZERS |= dict.fromkeys(sorted(set(PROJECTILES.values())), _PROJECTILE)
SERIALIZERS |= dict.fromkeys(sorted({name for name, _ in WEAPONS.values()}), _WEAPON)
SERIALIZERS["CC4"] += "m_bStartedArming bool\n"
