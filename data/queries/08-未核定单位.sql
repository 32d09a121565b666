-- 标题: 未核定单位
-- 说明: 某月应当考核而还没有核定的单位，以及已报、已复核的格数。
-- 参数: month 月份 月份 = 本月
with reported as (
    select
        代码,
        count(*) filter (where 种类 = '自评') as claims,
        count(*) filter (where 种类 = '复核') as verifications
    from 考核记录
    where 现行 and 月份 = $month
    group by 代码
)
select
    u.类别,
    u.代码,
    u.单位,
    coalesce(r.claims, 0)        as 自评格数,
    coalesce(r.verifications, 0) as 复核格数
from 单位 u
left join 月度得分 m on m.代码 = u.代码 and m.月份 = $month
left join reported r on r.代码 = u.代码
where coalesce(u.起始月, '') <= $month
  and coalesce(u.截止月, '9999-99') >= $month
  and not coalesce(m.已核定, false)
order by u.顺序;
