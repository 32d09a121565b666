-- 标题: 连续两个月垫底的单位
-- 说明: 单月得分在本类别中最低，且上一个月也最低的单位。只看已核定的月份。
with bottom as (
    select
        *,
        得分 = min(得分) over (partition by 类别代码, 月份)                   as last,
        strftime(strptime(月份 || '-01', '%Y-%m-%d') - interval 1 month, '%Y-%m') as previous
    from 月度得分
    where 已核定
)
select
    b.月份,
    b.类别,
    b.代码,
    b.单位,
    a.得分 as 上月得分,
    b.得分 as 本月得分
from bottom b
join bottom a on a.代码 = b.代码 and a.月份 = b.previous
where a.last and b.last
order by b.月份 desc, b.类别, b.代码;
